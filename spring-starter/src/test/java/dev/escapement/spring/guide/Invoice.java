package dev.escapement.spring.guide;

record Invoice(String order, String to) {}
