//go:build !cgo

package store

import sqlite3 "github.com/mattn/go-sqlite3"

// Without a C compiler the program builds, and says what is missing at Open.
func onConnect(*sqlite3.SQLiteConn, string) error { return nil }
func sqliteKind(error) error                      { return nil }
