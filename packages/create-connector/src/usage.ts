import { authKinds, categories } from './connector-plan.ts';

/** What the program says of itself. */
export const usage = `Writes a connector for Patchbay, installs its packages and runs its conformance test.

  pnpm create @patchbay/connector [folder] [flags]
  npm create @patchbay/connector [folder] -- [flags]

  --id <id>              lower case, digits, hyphens: my-service
  --name <name>          as people write it                     default: from the id
  --category <category>  ${categories.join(', ')}
                         default: custom
  --auth <kind>          ${authKinds.join(', ')}         default: bearer
  --origin <origin>      where its API is                       default: https://api.<id>.example
  --webhooks             it sends webhooks
  --polling              something is asked for regularly
  --directory <folder>   where it is written                    default: patchbay-connector-<id>
  --no-install           writes the files and nothing else
  --yes, -y              asks nothing
  --help, -h             this text

In a terminal it asks for what no flag says.`;
