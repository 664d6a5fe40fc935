package dev.escapement.spring.migration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** All of them together. */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan
@EnableScheduling
class MigratedApplication {}
