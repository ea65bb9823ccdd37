import type pg from 'pg';

/** Registers webhooks at the stand-in of GitHub, one repository after another. */
export interface Registrar {
  /** Resolves once the webhook stands at the service and is recorded here as such. */
  register(repository: string): Promise<void>;
  close(): Promise<void>;
}

/** Where a registrar keeps what it does, and where it registers. */
export interface RegistrarSettings {
  /** `null`: in memory. */
  readonly pool: pg.Pool | null;
  /** The stand-in's address. */
  readonly origin: string;
  readonly token: string;
}
