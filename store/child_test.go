package store

const childEnv = "JANA_STORE_CHILD"

func child(string) {}
