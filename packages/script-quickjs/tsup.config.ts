import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base.ts';

// Each script runs in a thread, which is a file of its own.
export default defineConfig(packageBuild(['script-worker']));
