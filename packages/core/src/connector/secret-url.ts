import { path, type RequestPath } from './path.ts';

/** The URL that is the connection's credential. */
export interface SecretUrl extends RequestPath {
  readonly secret: true;
}

/** The target of a request to the URL that is the connection's credential, of type `secret_url`. It holds nothing of it; in logs it is `/`. */
export function secretUrl(): SecretUrl {
  return { ...path`/`, secret: true };
}

/** True for what {@link secretUrl} made. */
export function isSecretUrl(path: RequestPath): path is SecretUrl {
  return 'secret' in path;
}
