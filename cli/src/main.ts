#!/usr/bin/env node
import { isMainThread } from 'node:worker_threads';
import { createProgram } from './program.ts';

// In the bundle, this file is also what a thread of the virus commands starts with.
if (isMainThread) await createProgram().parseAsync(process.argv);
