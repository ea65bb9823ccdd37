#!/usr/bin/env node
import pg from 'pg';
import { runCommand } from './command/run-command.ts';

process.exitCode = await runCommand({
  words: process.argv.slice(2),
  env: process.env,
  openPool: (url) => new pg.Pool({ connectionString: url, max: 1 }),
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
