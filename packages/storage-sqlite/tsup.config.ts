import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base.ts';

// The thread's program is started by its path, so it is a file of its own.
export default defineConfig(packageBuild(['database-worker']));
