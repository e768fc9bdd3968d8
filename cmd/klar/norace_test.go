//go:build !race

package main

// raceFactor is how many times more memory a program takes with the race detector, at most: without it, no more.
const raceFactor = 1

// floodLists is how many lists of a thousand pages TestHostileBeacons floods Klar with: a million pages that nobody has seen
// before.
const floodLists = 1000
