/* The checks of checks.als with more of everything: minutes. */
module deep

open properties

check singleClaimHolds { sound implies singleClaim } for 2 but 1 Key, 3 Claim, 5 Version, 13..13 steps expect 0
check fencingHolds { sound implies fencing } for 2 but 1 Key, 3 Claim, 5 Version, 13..13 steps expect 0
check fullAccountHolds { sound implies fullAccount } for 2 but 1 Key, 5 Version, 12..12 steps expect 0
check trustMeansLiveHolds { sound implies trustMeansLive } for 2 but 0 Claim, 0 Trigger, 3 Age, 18..18 steps expect 0
check oneRunnerHolds { sound implies oneRunner } for 2 but 1 Key, 1 Trigger, 4 Version, 18..18 steps expect 0
check nothingForgottenHolds { sound implies nothingForgotten } for 3 but 1 Key, 1 Trigger, 1 Claim, 3 Version, 14..14 steps expect 0
