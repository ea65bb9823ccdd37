import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { checkDefinition } from './check-definition.ts';
import type { Connector } from './connector-definition.ts';

/** The version of the connector contract that this hub speaks. */
const specVersion = 1;
const methods = ['initialize', 'healthCheck', 'executeAction', 'reconcileAction', 'getActions', 'getTriggers', 'shutdown'] as const;
const parts = ['manifest', 'actions', 'triggers', 'definition'] as const;

/**
 * Recognises a connector by its shape, whichever copy of core made it. Throws `connector_invalid` for what is none, naming what is
 * missing, and `connector_incompatible` for one that follows another version of the connector contract.
 */
export function readConnector(candidate: unknown): Connector {
  try {
    const connector = parseConnector(candidate);
    checkDefinition(connector.definition);
    return connector;
  } catch (cause) {
    if (isPatchbayError(cause)) throw cause;
    const kind = cause instanceof Error ? cause.name : typeof cause;
    throw new PatchbayError({
      code: 'connector_invalid',
      message: `A connector threw ${kind} when it was looked at. Build it with defineConnector.`,
      cause,
    });
  }
}

/** True for what {@link readConnector} would at least recognise as meant to be a connector. */
export function looksLikeConnector(value: unknown): boolean {
  return isRecord(value) && isRecord(value['manifest']) && 'specVersion' in value['manifest'];
}

function parseConnector(candidate: unknown): Connector {
  if (!isRecord(candidate)) throw notConnector(describe(candidate));
  if (typeof candidate['then'] === 'function') throw notConnector('a promise; await it');
  const { definition, manifest } = candidate;
  if (!isRecord(manifest)) throw notConnector('an object without a manifest');
  const name = typeof manifest['id'] === 'string' ? manifest['id'].slice(0, 64) : '(without an id)';
  if (manifest['specVersion'] !== specVersion) throw otherContract(name, manifest['specVersion']);
  const missing = [
    ...parts.filter((part) => !isRecord(candidate[part])),
    ...methods.filter((method) => typeof candidate[method] !== 'function'),
    ...(typeof manifest['hub'] === 'string' && isRecord(manifest['dependencies']) ? [] : ['hub and dependencies in its manifest']),
  ];
  if (missing.length > 0) throw notConnector(`${name}, which lacks ${missing.join(', ')}`);
  const same = isRecord(definition) && manifest['id'] === definition['id'] && manifest['version'] === definition['version'];
  if (!same || candidate['id'] !== manifest['id']) throw notConnector(`${name}, whose manifest and definition differ in id or version`);
  // Everything that the hub reads before it calls the connector was looked at above; definitions are looked at by checkDefinition.
  return candidate as unknown as Connector;
}

function describe(candidate: unknown): string {
  if (typeof candidate === 'function') return 'a function; call it, github() and not github';
  return candidate === null || candidate === undefined ? String(candidate) : `a ${typeof candidate}`;
}

function notConnector(what: string): PatchbayError {
  return new PatchbayError({ code: 'connector_invalid', message: `Not a connector: ${what}. Hand in what defineConnector returns.` });
}

function otherContract(name: string, given: unknown): PatchbayError {
  const found = typeof given === 'number' ? `version ${given}` : 'no known version';
  return new PatchbayError({
    code: 'connector_incompatible',
    message: `The connector ${name} follows ${found} of the connector contract, and this hub speaks version ${specVersion}. Install a version of it made for this hub.`,
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
