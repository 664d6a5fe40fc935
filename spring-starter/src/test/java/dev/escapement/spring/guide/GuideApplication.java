package dev.escapement.spring.guide;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The application. */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan
@EnableScheduling
class GuideApplication {}
