import type { ObjectGraph } from '@geneward/api';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './catalog.module.css';
import { layOut, nodeHeight, nodeWidth } from './lineage-layout.ts';

/** What an object stands on and what stands on it, drawn; every box is a link. */
export function Lineage({ graph }: { graph: ObjectGraph }) {
  const { t } = useTranslation('catalog');
  if (graph.nodes.length <= 1) return <Text c="dimmed">{t('aloneHint')}</Text>;
  const layout = layOut(graph);
  return (
    <>
      <div className={classes['wide']} tabIndex={0} role="region" aria-label={t('related')}>
        <div className={classes['graph']} style={{ width: layout.width, height: layout.height }}>
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            {layout.lines.map((line) => (
              <path key={line.id} d={line.path} fill="none" stroke="var(--mantine-color-gray-4)" strokeWidth={1.5} />
            ))}
          </svg>
          {layout.columns.map((column) => (
            <span key={column.type}>
              <span className={classes['column']} style={{ left: column.x }}>
                {t(`type_${column.type}`)}
              </span>
              {column.more > 0 && (
                <span className={classes['column']} style={{ left: column.x, top: column.y }}>
                  {t('moreNodes', { count: column.more })}
                </span>
              )}
            </span>
          ))}
          {layout.nodes.map(({ node, x, y }) => (
            <Link
              key={node.id}
              to="/objects/$accession"
              params={{ accession: node.accession ?? node.id }}
              className={classes['node']}
              data-here={node.id === graph.root}
              aria-current={node.id === graph.root ? 'page' : undefined}
              style={{ left: x, top: y, width: nodeWidth, height: nodeHeight }}
            >
              <span>{node.accession ?? node.alias}</span>
              <span>{node.title ?? node.alias}</span>
            </Link>
          ))}
        </div>
      </div>
      {graph.truncated && (
        <Text size="xs" c="dimmed" mt="xs">
          {t('graphCut')}
        </Text>
      )}
    </>
  );
}
