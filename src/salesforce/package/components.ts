import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** The types of metadata the package has, in the order in which Salesforce makes them. */
export const componentTypes = ['CustomObject', 'CustomField', 'Flow', 'PermissionSet'] as const;
export type ComponentType = (typeof componentTypes)[number];

/** One piece of metadata, as a file of the source package describes it. */
export interface Component {
  type: ComponentType;
  /** As the Metadata API names it: `Case.Passerelle_Key__c`. */
  fullName: string;
  /** What stands within its root element, as it was written. */
  inner: string;
  /** The same, read: values are texts. */
  value: Record<string, unknown>;
}

/** Where the package of this repository is: an SFDX project, so that `sf project deploy start` takes it as well. */
export const packageFolder = join(import.meta.dirname, '../../../salesforce/force-app/main/default');

/** What an org needs besides that takes the ledger of consents: Individual is not there in every org. */
export const consentFolder = join(import.meta.dirname, '../../../salesforce/consent/main/default');

/** All components of a source package. Throws when a file is no XML, or is one of a type that is not known here. */
export async function readComponents(folder: string): Promise<Component[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map(async (file) => componentIn(file, await readFile(file, 'utf8'))));
}

const suffixes: Record<string, ComponentType> = {
  '.field-meta.xml': 'CustomField',
  '.object-meta.xml': 'CustomObject',
  '.flow-meta.xml': 'Flow',
  '.permissionset-meta.xml': 'PermissionSet',
};

const parser = new XMLParser({ parseTagValue: false, trimValues: true });

function componentIn(file: string, xml: string): Component {
  const [suffix, type] = Object.entries(suffixes).find(([end]) => file.endsWith(end)) ?? [];
  if (suffix === undefined || type === undefined) throw new Error(`${file} is no component of a type that is known`);
  if (XMLValidator.validate(xml) !== true) throw new Error(`${file} is not well-formed XML`);
  const name = basename(file, suffix);
  const inner = new RegExp(`<${type}[^>]*>\\n?([^]*)</${type}>`).exec(xml)?.[1];
  if (inner === undefined) throw new Error(`${file} has no element ${type}`);
  const value = (parser.parse(xml) as Record<string, Record<string, unknown>>)[type] ?? {};
  // A field's file stands in `objects/{object}/fields`.
  const fullName = type === 'CustomField' ? `${basename(join(file, '../..'))}.${name}` : name;
  return { type, fullName, inner, value };
}
