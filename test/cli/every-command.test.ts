import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { commandNames, loadCommand } from '../../src/cli/registry.ts';
import { cli } from '../support/cli.ts';
import { wordsOf } from '../support/words.ts';

const commands = await Promise.all(commandNames().map(loadCommand));

describe.each(commands)('$name', (command) => {
  test('--help says what it does, with its examples', async () => {
    const { code, out, err } = await cli(process.cwd(), command.name, '--help');
    expect([code, err]).toEqual([0, '']);
    for (const example of command.examples) expect(out).toContain(example);
    for (const option of Object.keys(command.options ?? {}))
      expect(out).toContain(`--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
    for (const line of out.split('\n')) if (!line.includes('factorwatch ')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('--help fits a terminal of 60 columns', () => {
    const help = parseCommandLine([command.name, '--help'], commands, { columns: 60 }) as { text: string };
    // An example is not broken, nor is a single word such as the name of a variable.
    const tooLong = help.text.split('\n').filter((line) => line.length > 60 && !/factorwatch |^ *\S+$/.test(line));
    expect(tooLong).toEqual([]);
  });

  test('its examples are command lines that it takes', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples.flatMap((line) => line.split(' && '))) {
      const [program, ...argv] = wordsOf(example.replace(/ > \S+$/, ''));
      expect(program).toBe('factorwatch');
      const parsed = parseCommandLine(argv, commands, { columns: 80 });
      expect(parsed, example).toHaveProperty('command.name', argv[0]);
    }
  });

  test('a flag that it does not have is an error in JSON too', async () => {
    const { code, out } = await cli(process.cwd(), command.name, '--no-such-flag', '--json');
    expect(code).toBe(64);
    expect(JSON.parse(out)).toMatchObject({ error: { code: expect.any(String), message: expect.stringContaining('--no-such-flag') } });
  });
});
