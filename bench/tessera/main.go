// Command tessera appends entries to a log of Tessera's POSIX driver for a while and tells how many became durable.
//
//	tessera FOLDER SECONDS ADDERS
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

// entryBytes is the length of an entry of our log.
const entryBytes = 150

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	ctx := context.Background()
	seconds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		return err
	}
	adders, err := strconv.Atoi(os.Args[3])
	if err != nil {
		return err
	}
	secret, _, err := note.GenerateKey(rand.Reader, "bench.example/log")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	driver, err := posix.New(ctx, posix.Config{Path: os.Args[1]})
	if err != nil {
		return err
	}
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(2*time.Second).
		WithBatching(1024, 100*time.Millisecond))
	if err != nil {
		return err
	}
	began := time.Now()
	end := began.Add(time.Duration(seconds) * time.Second)
	waits := make([][]float64, adders)
	var group sync.WaitGroup
	for adder := range adders {
		group.Add(1)
		go func() {
			defer group.Done()
			for time.Now().Before(end) {
				entry := make([]byte, entryBytes)
				_, _ = rand.Read(entry)
				from := time.Now()
				if _, err := appender.Add(ctx, tessera.NewEntry(entry))(); err != nil {
					continue
				}
				waits[adder] = append(waits[adder], float64(time.Since(from).Microseconds())/1000)
			}
		}()
	}
	group.Wait()
	elapsed := time.Since(began).Seconds()
	if err := shutdown(ctx); err != nil {
		return err
	}
	all := slices.Concat(waits...)
	slices.Sort(all)
	at := func(share float64) float64 { return all[min(len(all)-1, int(float64(len(all))*share))] }
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"rate": float64(len(all)) / elapsed, "p50": at(0.5), "p99": at(0.99),
	})
}
