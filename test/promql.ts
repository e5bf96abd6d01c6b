import { parser } from '@prometheus-io/lezer-promql'
import type { SyntaxNode } from '@lezer/common'

/** A series selector of an expression, such as `up{job="dalleserver"}`. */
export interface Selector {
  text: string
  metric: string
  matchers: Array<{ label: string; operator: string; value: string }>
}

export interface Expression {
  selectors: Selector[]
  /** Labels by which series are grouped or matched. */
  grouping: string[]
}

/**
 * The selectors and grouping labels of a PromQL expression.
 * @throws SyntaxError when it is not PromQL
 */
export function readExpression(expression: string): Expression {
  const textOf = ({ from, to }: { from: number; to: number }) => expression.slice(from, to)
  const found: Expression = { selectors: [], grouping: [] }
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) throw new SyntaxError(`${expression}: not PromQL at ${node.from}`)
      if (node.name === 'VectorSelector') found.selectors.push(readSelector(node.node, textOf))
      if (node.name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') {
        found.grouping.push(textOf(node))
      }
    }
  })
  return found
}

function readSelector(node: SyntaxNode, textOf: (range: { from: number; to: number }) => string): Selector {
  const metric = node.getChild('Identifier')
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
  return {
    text: textOf(node),
    metric: metric === null ? '' : textOf(metric),
    matchers: matchers.map((matcher) => {
      const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((name) =>
        textOf(matcher.getChild(name)!)
      )
      return { label: label!, operator: operator!, value: value!.slice(1, -1) }
    })
  }
}

/** Parses Prometheus' text format. By the name of the metric: the values of each label, the value of each series. */
export function readSamples(
  text: string
): Map<string, { labels: Map<string, Set<string>>; samples: Map<string, number> }> {
  const metrics: ReturnType<typeof readSamples> = new Map()
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, series = '', name = '', labels = '', value] = /^(([^{ ]+)(?:\{(.*)\})?) (\S+)$/.exec(line)!
    const metric = metrics.get(name) ?? { labels: new Map(), samples: new Map() }
    metrics.set(name, metric)
    metric.samples.set(series, Number(value))
    for (const [, label, content] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      metric.labels.set(label!, (metric.labels.get(label!) ?? new Set()).add(content!))
    }
  }
  return metrics
}
