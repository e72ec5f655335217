// Package sequence gives the entries of boards their order: alone, or together
// with other instances.
package sequence
