import { Code, Text } from '@mantine/core';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

/** Headings stand two levels lower than in the file: they are part of a page. Links within the documentation lead nowhere here. */
export default function Markdown({ text }: { text: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm]}
      components={{
        h1: ({ children }) => <h3>{children}</h3>,
        h2: ({ children }) => <h4>{children}</h4>,
        h3: ({ children }) => <h5>{children}</h5>,
        img: ({ alt }) => <Text component="em">{alt}</Text>,
        pre: ({ children }) => (
          <pre>
            {/* Long lines are scrolled, by keyboard too. */}
            <Code block tabIndex={0} component="div">
              {children}
            </Code>
          </pre>
        ),
        a: ({ href, children }) =>
          href?.startsWith('http') ? (
            <a href={href} target="_blank" rel="noreferrer">
              {children}
            </a>
          ) : (
            <span>{children}</span>
          ),
      }}
    >
      {text}
    </ReactMarkdown>
  );
}
