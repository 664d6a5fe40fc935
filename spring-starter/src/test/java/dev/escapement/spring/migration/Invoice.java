package dev.escapement.spring.migration;

record Invoice(String number, String to) {}
