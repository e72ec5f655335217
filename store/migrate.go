package store

import (
	"errors"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// migration brings a file from one schema to the next, in one transaction.
type migration func(*bolt.Tx) error

// migrations[i] leads from schema i+1 to i+2; the schema that is written is one
// more than there are.
var migrations = []migration{
	// 2: what has lost its place in the order of a board that instances share.
	func(tx *bolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(orphansBucket)
		return err
	},
}

func schemaOf(tx *bolt.Tx) (int, error) {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		return 0, ErrForeign
	}
	schema, err := strconv.Atoi(string(meta.Get(schemaKey)))
	if err != nil || schema < 1 {
		return 0, ErrForeign
	}
	return schema, nil
}

// complete refuses a file of the newest schema in which a bucket is missing.
func complete(tx *bolt.Tx) error {
	for _, name := range allBuckets {
		if tx.Bucket(name) == nil {
			return fmt.Errorf("%w: it has no bucket %s", ErrDamaged, name)
		}
	}
	return nil
}

func putSchema(tx *bolt.Tx, schema int) error {
	return tx.Bucket(metaBucket).Put(schemaKey, strconv.AppendInt(nil, int64(schema), 10))
}

// migrate brings the file to the newest schema step by step, each in one
// transaction, after it has put a copy of the file beside it. A newer file, and
// one that is not complete then, is refused.
func migrate(db *bolt.DB, path, when string, steps []migration) error {
	var schema int
	if err := db.View(func(tx *bolt.Tx) (err error) {
		schema, err = schemaOf(tx)
		return err
	}); err != nil {
		return err
	}
	newest := len(steps) + 1
	if schema > newest {
		return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, schema, newest)
	}
	if schema == newest {
		return db.View(complete)
	}
	aside := fmt.Sprintf("%s.v%d-%s", path, schema, when)
	if err := copyTo(db, aside); err != nil {
		return fmt.Errorf("copy it to %s before migrating: %w", aside, err)
	}
	for ; schema < newest; schema++ {
		err := db.Update(func(tx *bolt.Tx) error {
			return errors.Join(steps[schema-1](tx), putSchema(tx, schema+1))
		})
		if err != nil {
			return fmt.Errorf("migrate from schema %d: %w", schema, err)
		}
	}
	return db.View(complete)
}
