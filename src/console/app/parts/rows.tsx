import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface RowsProps {
  /** What stands above each column; above one of numbers `{ number: … }`. */
  heads: readonly (string | { number: string })[];
  /** Pixels: where the page is narrower it is moved sideways by itself. */
  minWidth: number;
  /** It is what the page is for: more room for each line, and the one pointed at stands out. */
  main?: boolean;
  /** Each a `<Table.Tr>`. */
  children: ReactNode;
}

/** A table: a line for each. */
export function Rows({ heads, minWidth, main = false, children }: RowsProps) {
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table {...(main && { highlightOnHover: true, verticalSpacing: 'sm' })}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) =>
              typeof head === 'string' ? (
                <Table.Th key={head}>{head}</Table.Th>
              ) : (
                <Table.Th key={head.number} ta="right">
                  {head.number}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
