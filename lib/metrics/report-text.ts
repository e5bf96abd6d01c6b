import type { Report } from './report.ts'

/**
 * The report as text.
 * @param url the URL of the report
 * @param isShared whether other processes belong to the service
 */
export function renderReport(report: Report, url: string, isShared: boolean): string {
  const list = (title: string, counts: Record<string, number>) => [
    `${title}:`,
    ...Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `  ${name}: ${count}`),
    ''
  ]
  const lines =
    report.total_errors === 0
      ? ['No errors recorded.', '']
      : [
          `Errors: ${report.total_errors}`,
          '',
          ...list('By code', report.errors_by_code),
          ...list('By endpoint', report.errors_by_endpoint)
        ]
  return [
    ...(isShared ? ['Of this process only: each process of the service has a report of its own.', ''] : []),
    ...lines,
    `Retries: ${report.total_retries}`,
    `Failed requests to the model provider: ${report.openai_errors} of ${report.openai_requests}`,
    `Failed file operations: ${report.file_operation_errors} of ${report.file_operations}`,
    `Last change: ${report.last_updated}`,
    '',
    `${url}?format=json gives the same figures as JSON; ${url}?clear=1 resets them.`,
    ''
  ].join('\n')
}
