/** Address that the hubs of these tests are told; deliveries are sent to the port that a worker listens on. */
export const publicUrl = 'http://127.0.0.1/hub';

/** Keys that all processes of a test share. */
export const hubKeys = { active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } };

/** The tenant of these tests. */
export const tenant = 'acme';
