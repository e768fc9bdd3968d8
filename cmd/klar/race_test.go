//go:build race

package main

// raceFactor is how many times more memory a program takes with the race detector, at most.
const raceFactor = 4

// floodLists is how many lists of a thousand pages TestHostileBeacons floods Klar with.
const floodLists = 30
