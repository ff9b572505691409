import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addClientOptions } from './arguments/client-arguments.ts';
import { exitStatus, exitStatusOf, reasonOf } from './exit-status.ts';
import { examples } from './help.ts';
import { say, styled } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command, of which the code is loaded then, and gives the status that the process ends with. */
export async function run(argv: readonly string[], signal: AbortSignal): Promise<number> {
  let status: number = exitStatus.success;
  const program = commandLine(signal, (result) => (status = result));
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.success : exitStatus.usage;
    if (signal.aborted) return exitStatus.problem;
    say(`${styled('red', 'error:', process.stderr)} ${reasonOf(error)}`);
    return exitStatusOf(error);
  }
}

function commandLine(signal: AbortSignal, end: (status: number) => void): Command {
  const program = new Command('tokenline')
    .description('Gets OAuth access tokens, reads them, and finds out why there is none.')
    .version(versionOf(new URL('../package.json', import.meta.url)))
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    // What stands at the wrong option may be a secret.
    .configureOutput({
      outputError: (text, write) =>
        write(
          text.replaceAll(/(--[\w-]+)=[^']*/g, '$1').replace(/argument '.*' is invalid/s, 'cannot have this value'),
        ),
    });
  const add = (name: string, summary: string): Command =>
    program
      .command(name)
      .description(summary)
      .allowExcessArguments()
      .addHelpText('after', examples[name] ?? '');

  addClientOptions(add('get', 'Prints an access token, and nothing else.'))
    .optionsGroup('The output:')
    .option('--json', 'print the token as JSON, with its type, lifetime and scope')
    .action(async (args, { args: rest }) => {
      const { get } = await import('./get.ts');
      end(await get(withoutRest(args, rest), signal));
    });

  const inspecting = add('inspect', 'Says what a token says. Nothing is verified.')
    .optionsGroup('The token that is inspected:')
    .option('--token <secret>', 'env:NAME, @file or @- (default: standard input, or a prompt)')
    .option('--introspection-endpoint <url>', 'where the server says what it knows of the token')
    .option('--introspect', 'ask the server, also for a token that says itself what it is');
  addClientOptions(inspecting)
    .optionsGroup('The output:')
    .option('--json', 'print everything as JSON')
    .action(async (args, { args: rest }) => {
      const { inspect } = await import('./inspect/inspect.ts');
      end(await inspect(withoutRest(args, rest), signal));
    });

  addClientOptions(add('doctor', 'Goes the whole way to a token and to an API, and says what is wrong.'))
    .optionsGroup('The API:')
    .option('--api <url>', 'send a GET with the token there')
    .optionsGroup('The output:')
    .option('--json', 'print everything as JSON')
    .action(async (args, { args: rest }) => {
      const { doctor } = await import('./doctor/doctor.ts');
      end(await doctor(withoutRest(args, rest), signal));
    });
  return program;
}

/** What is no option may be a secret that somebody pasted. */
function withoutRest<T>(args: T, rest: readonly string[]): T {
  if (rest.length > 0)
    throw new UsageError('this command takes options alone: a token or a secret comes from env:NAME, @file or @-');
  return args;
}

function versionOf(manifest: URL): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
