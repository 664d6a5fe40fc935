/* Small enough for every build. deep.als is the same with more of everything. */
module checks

open properties

check singleClaimHolds { sound implies singleClaim } for 2 but 1 Key, 5 Version, 9..9 steps expect 0
check fencingHolds { sound implies fencing } for 2 but 1 Key, 5 Version, 9..9 steps expect 0
check fullAccountHolds { sound implies fullAccount } for 2 but 1 Key, 5 Version, 9..9 steps expect 0
check trustMeansLiveHolds { sound implies trustMeansLive } for 2 but 0 Claim, 0 Trigger, 12..12 steps expect 0
check oneRunnerHolds { sound implies oneRunner } for 2 but 1 Key, 1 Trigger, 4 Version, 12..12 steps expect 0
check nothingForgottenHolds { sound implies nothingForgotten } for 2 but 1 Key, 1 Trigger, 1 Claim, 3 Version, 13..13 steps expect 0

check refutedNoVersionCheck { faulty[NoVersionCheck] implies singleClaim } for 2 but 1 Trigger, 9..9 steps expect 1
check refutedLeaseByOwnClock { faulty[LeaseByOwnClock] implies trustMeansLive } for 2 but 0 Claim, 0 Trigger, 6..6 steps expect 1
check refutedLeaseByOwnClockRuns { faulty[LeaseByOwnClock] implies oneRunner } for 2 but 1 Trigger, 4 Version, 15..15 steps expect 1
check refutedVersionRestarts { faulty[VersionRestarts] implies singleClaim } for 2 but 1 Trigger, 12..12 steps expect 1
check refutedVersionRestartsFencing { faulty[VersionRestarts] implies fencing } for 2 but 1 Trigger, 13..13 steps expect 1
check refutedEndById { faulty[EndById] implies fencing } for 2 but 1 Trigger, 5 Version, 13..13 steps expect 1
check refutedEndByOwner { faulty[EndByOwner] implies fencing } for 2 but 1 Trigger, 5 Version, 13..13 steps expect 1
check refutedDeathUnchecked { faulty[DeathUnchecked] implies trustMeansLive } for 2 but 0 Claim, 0 Trigger, 12..12 steps expect 1
check refutedTrustFromAnswer { faulty[TrustFromAnswer] implies trustMeansLive } for 2 but 0 Claim, 0 Trigger, 12..12 steps expect 1
check refutedTakeoverOfWatched { faulty[TakeoverOfWatched] implies nothingForgotten } for 3 but 1 Trigger, 1 Claim, 2 Age, 15..15 steps expect 1

run takeoverAfterDeathHappens { sound and takeoverAfterDeath } for 2 but 1 Trigger, 1 Claim, 3 Version, 15..15 steps expect 1
run zombieIsRefusedHappens { sound and zombieIsRefused } for 2 but 1 Trigger, 4 Version, 18..18 steps expect 1
run frozenAndBackHappens { sound and frozenAndBack } for 2 but 0 Claim, 0 Trigger, 6..6 steps expect 1
run lostAnswerOfClaimHappens { sound and lostAnswerOfClaim } for 2 but 1 Trigger, 4 Version, 12..12 steps expect 1
run lostAnswerOfEndHappens { sound and lostAnswerOfEnd } for 2 but 1 Trigger, 11..11 steps expect 1
run lostRaceHappens { sound and lostRace } for 2 but 1 Trigger, 9..9 steps expect 1
run madeAgainHappens { sound and madeAgain } for 2 but 1 Key, 4 Version, 14..14 steps expect 1
