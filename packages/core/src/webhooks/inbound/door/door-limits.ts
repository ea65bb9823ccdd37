import type { Clock } from '../../../clock/clock.ts';
import { classifyAddress } from '../../../net/classify-address.ts';
import { TooManyRequestsError } from './door-errors.ts';
import { createRecentKeys } from './recent-keys.ts';
import { createTokenBuckets, type RequestRate } from './token-buckets.ts';

/** How many requests without a good signature are looked at. */
export interface DoorRates {
  /** Sent to one URL, whoever sends them. */
  readonly url: RequestRate;
  /** Sent from one address; of IPv6 from one network of 64 bits. */
  readonly address: RequestRate;
}

/** A request that has been let to the door. */
export interface DoorPass {
  /** Says that its signature is good, or that it was refused for no fault of the sender's: it counts no longer. */
  release(): void;
  /** The same for a good signature. The next from its address are looked at whatever strangers send to the URL. */
  vouch(): void;
}

/** Keeps requests away that nobody has signed. */
export interface DoorLimits {
  /** Throws {@link TooManyRequestsError}. `address`: canonical bytes; `null` where it is not known. */
  enter(from: { readonly url: string; readonly address: Uint8Array | null }): DoorPass;
}

/** What the limits need. */
export interface DoorLimitsOptions {
  readonly rates: DoorRates;
  readonly clock: Pick<Clock, 'monotonic'>;
  /**
   * Whether addresses are those behind the host's proxies. Where none is named, a request from a network inside comes through one that is not, and
   * its address stands for everybody.
   */
  readonly hasProxies: boolean;
}

/** The rates unless the host says others: far above what a service gets wrong, far below what a process can refuse. */
export const usualRates: DoorRates = { url: { perSecond: 1_000, burst: 5_000 }, address: { perSecond: 100, burst: 1_000 } };

/**
 * Counts each request until its signature is found good, so that only what is refused uses the limits up: whoever signs is never kept out by his own
 * traffic, nor, at an address from which he has signed before, by a flood from elsewhere. The URL is counted before the address, and counts nothing that its
 * sender's address keeps out.
 */
export function createDoorLimits({ rates, clock, hasProxies }: DoorLimitsOptions): DoorLimits {
  const urls = createTokenBuckets(rates.url, clock);
  const addresses = createTokenBuckets(rates.address, clock);
  const vouched = createRecentKeys();
  return {
    enter({ url, address }) {
      const network = countedNetwork(address, hasProxies);
      const signer = network === null ? null : `${url} ${network}`;
      const urlWait = urls.take(url);
      const isVouched = signer !== null && vouched.has(signer);
      if (urlWait > 0 && !isVouched) throw new TooManyRequestsError(urlWait);
      const giveBackUrl = (): void => {
        if (urlWait === 0) urls.giveBack(url);
      };
      const addressWait = network === null ? 0 : addresses.take(network);
      if (addressWait > 0) {
        giveBackUrl();
        throw new TooManyRequestsError(addressWait);
      }
      let released = false;
      const release = (): void => {
        if (released) return;
        released = true;
        giveBackUrl();
        if (network !== null) addresses.giveBack(network);
      };
      return {
        release,
        vouch() {
          release();
          if (signer !== null && !isVouched) vouched.add(signer);
        },
      };
    },
  };
}

/** What a request counts for; `null` where its address stands for everybody. Behind proxies, what a stranger made unreadable is one sender. */
function countedNetwork(address: Uint8Array | null, hasProxies: boolean): string | null {
  if (address === null) return hasProxies ? '' : null;
  return hasProxies || classifyAddress(address) === 'public' ? networkOf(address) : null;
}

/** One sender has as many IPv6 addresses as he likes, all in one network. */
function networkOf(address: Uint8Array): string {
  return Buffer.from(address.buffer, address.byteOffset, Math.min(8, address.byteLength)).toString('latin1');
}
