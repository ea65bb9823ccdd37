/** Version of the hub that connectors name in their range. A test holds it to the package's. */
export const hubVersion = '0.1.0';
