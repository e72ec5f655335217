// Package chaos breaks Jana and looks whether anything was lost: real server processes on real files, a real
// redis-server, signals, a proxy that cuts, and clients that behave as the browser does. It knows the program by its
// flags and by the wire alone. All of it is tests; `make chaos` is the long form.
//
// A run is a world (processes and the proxies between them), a storm (clients that write all the time), a fault played
// again and again, and then a check of everything that was told against everything that is there:
//
//	faults_test.go   the faults, a sentence each
//	check_test.go    what must hold afterwards
//	lock_test.go     what a lock means, and the race for it
package chaos
