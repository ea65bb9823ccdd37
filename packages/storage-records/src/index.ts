export { auditEntry } from './audit.ts';
export { connectionChange, connectionRecord, credentialOf, registrationOf } from './configuration.ts';
export { journalEntry } from './journal.ts';
export { keptReceipt } from './receipts.ts';
export { claimAll, handler, newDispatch, newId, newItem, newRunItem, succeeded } from './records.ts';
