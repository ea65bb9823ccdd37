import { comesFromNamed } from '../door/comes-from.ts';
import type { CompiledReceiver } from './compile-receiver.ts';

/** True where a receiver takes requests from this address. One that cannot be told is in no list. */
export function isTakenFrom({ definition: { addresses } }: Pick<CompiledReceiver, 'definition'>, address: Uint8Array | null): boolean {
  return addresses === undefined || comesFromNamed(address, addresses);
}
