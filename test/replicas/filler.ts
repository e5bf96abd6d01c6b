import { randomUUID } from 'node:crypto'
import type { Database } from '../../lib/engine/postgres/database.ts'

const FILLER = 'filler'

/** A call that stands for everything else which a day has cost, so that a test decides how many drawings are left. */
export function createFiller(database: Pick<Database, 'query' | 'transaction'>, limit: number) {
  async function fill(images: (booked: number) => number): Promise<void> {
    await database.transaction(async () => {
      const [today] = await database.query<{ day: string }>('select spending_day()::text as day')
      const { day } = today!
      await database.query('select 1 from budget where day = $1::date for update', [day])
      await database.query(
        `with gone as (delete from expense where run_id = $1 and day = $2::date returning images)
        update budget set images = images - (select coalesce(sum(images), 0) from gone) where day = $2::date`,
        [FILLER, day]
      )
      const [budget] = await database.query<{ images: number }>(
        'select images from budget where day = $1::date',
        [day]
      )
      await database.query(
        `with added as (
          insert into expense
            (id, run_id, step, attempt, day, state, expected_usd, expected_images, usd, images, is_closed)
          values ($1, $2, 'image', 1, $3::date, 'settled', 0, $4::bigint, 0, $4::bigint, true) returning images
        )
        update budget set images = budget.images + added.images from added where day = $3::date`,
        [randomUUID(), FILLER, day, Math.max(0, images(budget!.images))]
      )
    })
  }

  return {
    /** Leaves as many drawings of the limit. */
    leave: async (images: number) => await fill((booked) => limit - booked - images),
    clear: async () => await fill(() => 0)
  }
}
