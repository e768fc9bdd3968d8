//go:build !race

package main

// raceFactor is how many times more memory a program takes with the race detector, at most: without it, no more.
const raceFactor = 1
