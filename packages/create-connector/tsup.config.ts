import { defineConfig } from 'tsup';
import { packageBuild } from '../../tsup.base.ts';

// The program that npm starts.
export default defineConfig(packageBuild(['main']));
