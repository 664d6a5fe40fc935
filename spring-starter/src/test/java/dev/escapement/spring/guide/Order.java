package dev.escapement.spring.guide;

record Order(String number, String customer, int pieces) {}
