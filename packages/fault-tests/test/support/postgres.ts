export { default } from '../../../storage-postgres/test/support/postgres.ts';
