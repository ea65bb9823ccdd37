export type { Retention } from '@patchbay/core/adapter';
export { type CopyOptions, type CopyReport, copyStorage } from './copy-storage.ts';
export { type SqliteStorageOptions, sqliteStorage } from './sqlite-storage.ts';
