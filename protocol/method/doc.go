// Package method is what the workshop's method says of a board: how its notes lie and agree, which groups they suggest, and
// how the services serve the segments, with every gap and overlap. It only reads, and knows neither files nor connections.
// Formulas are those of the workshop's domain; fixtures and vectors hold this package and its twin in TypeScript to them.
//
// What is not for everyone (notes written in private, ballots of an open vote, feedback that waits for a facilitator) counts
// nowhere.
package method
