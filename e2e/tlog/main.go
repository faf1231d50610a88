// The transparency log of Go's checksum database as a measure of ours: it makes and checks roots, proofs, tile addresses
// and notes for a question on standard input. Both are JSON.
package main

import (
	"encoding/json"
	"log"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Size, Index int64
	Proof       [][]byte
}

type consistency struct {
	First, Second int64
	Proof         [][]byte
}

type question struct {
	Entries     [][]byte
	Roots       [][]byte // of the first 1, 2, ... entries
	Inclusion   []inclusion
	Consistency []consistency
	Tiles       [][3]int64 // level, index, width
	Note, Vkey  string
	Text, Skey  string
}

type answer struct {
	Roots         [][]byte
	Inclusion     [][][]byte
	Consistency   [][][]byte
	InclusionOk   []bool
	ConsistencyOk []bool
	Tiles         []string
	NoteText      string
	Note          string
}

func main() {
	var q question
	must(json.NewDecoder(os.Stdin).Decode(&q))
	var a answer

	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n, entry := range q.Entries {
		hashes, err := tlog.StoredHashes(int64(n), entry, read)
		must(err)
		stored = append(stored, hashes...)
		root, err := tlog.TreeHash(int64(n+1), read)
		must(err)
		a.Roots = append(a.Roots, bytesOf(root))
	}
	for _, c := range q.Inclusion {
		proof, err := tlog.ProveRecord(c.Size, c.Index, read)
		must(err)
		a.Inclusion = append(a.Inclusion, list(proof))
		ours := tlog.CheckRecord(hashes(c.Proof), c.Size, hash(q.Roots[c.Size-1]), c.Index, tlog.RecordHash(q.Entries[c.Index]))
		a.InclusionOk = append(a.InclusionOk, ours == nil)
	}
	for _, c := range q.Consistency {
		proof, err := tlog.ProveTree(c.Second, c.First, read)
		must(err)
		a.Consistency = append(a.Consistency, list(proof))
		ours := tlog.CheckTree(hashes(c.Proof), c.Second, hash(q.Roots[c.Second-1]), c.First, hash(q.Roots[c.First-1]))
		a.ConsistencyOk = append(a.ConsistencyOk, ours == nil)
	}
	for _, t := range q.Tiles {
		a.Tiles = append(a.Tiles, tlog.Tile{H: 8, L: int(t[0]), N: t[1], W: int(t[2])}.Path())
	}
	verifier, err := note.NewVerifier(q.Vkey)
	must(err)
	opened, err := note.Open([]byte(q.Note), note.VerifierList(verifier))
	must(err)
	a.NoteText = opened.Text
	signer, err := note.NewSigner(q.Skey)
	must(err)
	signed, err := note.Sign(&note.Note{Text: q.Text}, signer)
	must(err)
	a.Note = string(signed)
	must(json.NewEncoder(os.Stdout).Encode(a))
}

func hash(bytes []byte) (h tlog.Hash) {
	copy(h[:], bytes)
	return h
}

func hashes(list [][]byte) []tlog.Hash {
	out := make([]tlog.Hash, len(list))
	for i, bytes := range list {
		out[i] = hash(bytes)
	}
	return out
}

func bytesOf(h tlog.Hash) []byte { return append([]byte{}, h[:]...) }

func list(hashes []tlog.Hash) [][]byte {
	out := [][]byte{}
	for _, h := range hashes {
		out = append(out, bytesOf(h))
	}
	return out
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
