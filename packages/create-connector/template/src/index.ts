export { type AcmeNotesOptions, acmeNotes } from './acme-notes.ts';
