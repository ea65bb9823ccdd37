import type { Secret } from './secret.ts';

const redacted = '[redacted]';

// `for` symbols: a logger of another copy of the package, and Node's own printer, find them without an import.
const brand = Symbol.for('patchbay.secret');
const inspect = Symbol.for('nodejs.util.inspect.custom');

const answerRedacted = (): string => redacted;

const secretPrototype: object = Object.freeze(
  Object.defineProperties(Object.create(null), {
    [brand]: { value: true },
    [inspect]: { value: answerRedacted },
    [Symbol.toPrimitive]: { value: answerRedacted },
    [Symbol.toStringTag]: { value: 'Secret' },
    toString: { value: answerRedacted },
    toLocaleString: { value: answerRedacted },
    toJSON: { value: answerRedacted },
  }),
);

/** Wraps a value so that only {@link Secret.reveal} gives it back. The value lives in a closure: no printer, clone or spread reaches it. */
export function createSecret(value: string): Secret {
  const reveal = (purpose: string): string => {
    if (typeof purpose !== 'string' || purpose.trim() === '') {
      throw new TypeError('A secret is revealed for a purpose. Say in a few words what it is for: secret.reveal("attach to request").');
    }
    return value;
  };
  // Object.create answers `any`; the prototype above and `reveal` are the whole interface.
  const secret: Secret = Object.create(secretPrototype, { reveal: { value: reveal } });
  return Object.freeze(secret);
}

/** True for a secret, also one that another installed copy of the package made. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value;
}
