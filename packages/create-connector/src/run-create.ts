import { resolve } from 'node:path';
import type { ConnectorPlan } from './connector-plan.ts';
import { completePlan, parseCommand } from './parse-command.ts';
import { usage } from './usage.ts';
import { folderFault, writeConnector } from './write-connector.ts';

/** What the program meets of the world. */
export interface CreateWorld {
  readonly folder: string;
  /** Somebody sits at the other end. */
  readonly isTerminal: boolean;
  /** Of the package manager that started it, such as `pnpm`. */
  readonly packageManager: string;
  print(line: string): void;
  /** Asks for what is open; `undefined` where the person leaves. */
  ask(given: Partial<ConnectorPlan>): Promise<Partial<ConnectorPlan> | undefined>;
  /** Runs a program in a folder with its output shown, and gives its exit code. */
  run(command: string, args: readonly string[], folder: string): Promise<number>;
}

/** Writes a connector by the command line, installs and tests it. Gives the exit code; each error says what to do. */
export async function runCreate(args: readonly string[], world: CreateWorld): Promise<number> {
  try {
    const { plan: given, directory, yes, install, help } = parseCommand(args);
    if (help) return done(world, usage);
    const open = world.isTerminal && !yes ? await world.ask(given) : given;
    if (open === undefined) return done(world, 'Nothing was written.');
    const plan = completePlan(open);
    const folder = resolve(world.folder, directory ?? `patchbay-connector-${plan.id}`);
    const fault = folderFault(folder);
    if (fault !== undefined) throw new Error(fault);
    const files = writeConnector(folder, plan);
    world.print(`Wrote ${files.length} files to ${folder}.`);
    return install ? await installAndTest(folder, world) : done(world, nextSteps(folder, world));
  } catch (error) {
    world.print(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function installAndTest(folder: string, { packageManager, print, run }: CreateWorld): Promise<number> {
  const steps = [['install'], ['run', 'typecheck'], ['run', 'test']];
  for (const step of steps) {
    const code = await run(packageManager, step, folder).catch((error: unknown) => {
      print(`${packageManager} cannot be started: ${error instanceof Error ? error.message : String(error)}.`);
      return 1;
    });
    if (code === 0) continue;
    print(`${packageManager} ${step.join(' ')} ended with ${code}. The files are in ${folder}: mend what it says, and run it there again.`);
    return code;
  }
  print(`It is green. Next: read ${folder}/README.md, and make the stand-in and the connector those of your service.`);
  return 0;
}

const nextSteps = (folder: string, { packageManager }: CreateWorld): string =>
  `Next: cd ${folder} && ${packageManager} install && ${packageManager} test`;

function done({ print }: CreateWorld, line: string): number {
  print(line);
  return 0;
}
