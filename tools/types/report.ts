import ts from '@typescript/typescript6';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const printer = ts.createPrinter({ removeComments: true });

/**
 * Writes down what an entry offers to users: its types, with all the types that they are made of, exported or not. Comments
 * and the order of declarations are left out, so that only a change of the types changes the text.
 *
 * @param file - the built types of the entry.
 */
export async function reportOf(file: string): Promise<string> {
  const bundle = await rollup({ input: file, external: (id) => !/^[./]/.test(id), plugins: [dts()] });
  const { output } = await bundle.generate({});
  await bundle.close();
  const source = ts.createSourceFile('report.d.ts', output[0].code, ts.ScriptTarget.Latest, true);
  const print = (node: ts.Node): string => printer.printNode(ts.EmitHint.Unspecified, node, source);
  const sorted = source.statements.toSorted((one, other) => compare(placeOf(one), placeOf(other)));
  return `${sorted.map(print).join('\n\n')}\n`;
}

/** Imports come first, exports last, and declarations between them by name. */
function placeOf(statement: ts.Statement): string {
  if (ts.isImportDeclaration(statement)) return `0 ${statement.moduleSpecifier.getText()}`;
  if (ts.isExportDeclaration(statement)) return `2 ${statement.getText()}`;
  const declaration = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : statement;
  return `1 ${(declaration as Partial<ts.NamedDeclaration>).name?.getText()}`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
