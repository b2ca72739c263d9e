/** Completion for fish. */
import type { Command } from "../command.ts";
import { operandWords, optionsOf, takesFiles, valueKind, wordsOf } from "./values.ts";

export function fish(commands: readonly Command[]): string {
  const text = (words: string) => `'${words.replace(/[\\']/g, "\\$&")}'`;
  const lines = commands.flatMap((command) => {
    const within = `complete -c anypin -n '__fish_seen_subcommand_from ${command.name}; and not __fish_seen_subcommand_from help'`;
    const words = operandWords(command);
    return [
      `complete -c anypin -n __fish_use_subcommand -a ${command.name} -d ${text(command.summary)}`,
      `complete -c anypin -n '__fish_seen_subcommand_from help' -a ${command.name} -d ${text(command.summary)}`,
      ...optionsOf(command).map((option) => {
        const known = wordsOf(option);
        const value = {
          words: ` -x -a ${text(known)}`,
          list: ` -x -a '(__anypin_list ${known})'`,
          "or-file": ` -r -F -a ${text(known)}`,
          point: ` -r -F -a ${text(known.replace(/(?= |$)/g, "="))}`,
          file: " -r -F",
          folder: " -x -a '(__fish_complete_directories)'",
          any: option.value ? " -x" : "",
        }[valueKind(option)];
        return `${within} -l ${option.name}${value} -d ${text(option.help)}`;
      }),
      ...(words.length > 0 ? [`${within} -a ${text(words.join(" "))}`] : []),
      ...(takesFiles(command) ? [`${within} -F`] : []),
    ];
  });
  return `# fish completion for anypin: anypin completion fish | source
function __anypin_list
  set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
  set -l before (string match -r '^.*,' -- $token)
  printf '%s\\n' "$before"$argv
end
complete -c anypin -f
${lines.join("\n")}
`;
}
