export { type CopyOptions, type CopyReport, copyStorage } from './copy-storage.ts';
export { type Retention, type SqliteStorageOptions, sqliteStorage } from './sqlite-storage.ts';
