/** Most that is kept of a tenant's: deliveries of a service that has changed its format come by the thousand, and each says the same. */
export const mostKept = { receipts: 1_000, bytes: 67_108_864 } as const;
