import t from 'tap'
import { selectAttributes } from '../../../lib/dress/attributes.ts'
import { createOpenAiArtist } from '../../../lib/provider/artist.ts'
import { orientationInGo } from '../../../lib/provider/orientation.ts'
import type { Orientation } from '../../../lib/provider/orientation.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { ADDRESS } from '../../helper.ts'
import { wearing } from '../../tools/prompt-rules.ts'
import { databases } from '../dress/built-in.ts'
import { drawingContext } from '../../drawing-context.ts'

const PLAIN = wearing(selectAttributes(databases, { suffix: 'some' }, ADDRESS), {
  adverb: 'boldly,without fear',
  adjective: 'calm,at rest',
  noun: 'otter,weasels,carnivores,mammals,chordates',
  emotion: 'joy,joy,positive,english,gladness',
  occupation: 'baker,bakes bread',
  action: 'running,moving fast',
  artStyle1: 'cubism,modern,,flattens',
  artStyle2: 'fauvism,modern,,glows',
  litStyle: 'fable,tells',
  viewpoint: 'close-up,near,vertical',
  gaze: 'upwards,vertical',
  composition: 'diagonal,lines,horizontal',
  place: 'zuma rock,niger state,nigeria',
  trope: 'the quest,journey,over a landscape',
  backStyle: 'vertical stripes'
})

t.test('the size is the one that the Go server asks for with the same text', async (t) => {
  const texts: Array<[text: string, orientation: Orientation]> = [
    ['a wide Landscape', 'landscape'],
    ['horizontal lines', 'landscape'],
    ['Horizontal lines', 'square'],
    ['vertical lines in a landscape', 'landscape'],
    ['vertical lines', 'portrait'],
    ['Vertical lines', 'square'],
    ['an otter', 'square']
  ]
  for (const [text, orientation] of texts) t.equal(orientationInGo(text, PLAIN), orientation, text)
})

t.test('without an enhanced prompt the rows decide that its plain prompt contains', async (t) => {
  const cases: Array<[rows: Record<string, string>, orientation: Orientation]> = [
    [{}, 'square'],
    [{ adverb: 'vertically,upwards' }, 'portrait'],
    [{ adjective: 'lined,with horizontal lines' }, 'landscape'],
    [{ artStyle2: 'landscape painting,romantic,,glows' }, 'landscape'],
    [{ artStyle1: 'cubism,landscape,,flattens' }, 'square'],
    [{ litStyle: 'sangam,matches a landscape' }, 'landscape'],
    [{ viewpoint: 'vertical shot,near,filling' }, 'portrait'],
    [{ emotion: 'joy,landscape,positive,english,gladness' }, 'square']
  ]
  for (const [rows, orientation] of cases) {
    t.equal(orientationInGo('', wearing(PLAIN, rows)), orientation, JSON.stringify(rows))
  }
  t.equal(orientationInGo('', PLAIN, 'The background should be a landscape'), 'landscape')
})

t.test(
  "with a user's databases the artist asks for that size, with the built-in ones for its own",
  async (t) => {
    const asked: string[] = []
    const openai = {
      config: { apiKey: 'key', baseUrl: 'http://127.0.0.1' },
      draw: async (_prompt: string, orientation: string) => {
        asked.push(orientation)
        return { downloadMode: 'b64' as const, download: async () => Buffer.alloc(0) }
      },
      deliver: () => t.fail('nothing is delivered'),
      refusal: () => undefined
    } as unknown as Parameters<typeof createOpenAiArtist>[0]
    const { dress } = prepareDress(databases, { suffix: 'some' }, ADDRESS)
    const worn = {
      ...dress,
      attributes: wearing(PLAIN, { viewpoint: 'panorama,wide,', composition: 'lines,,' })
    }
    for (const isBuiltIn of [true, false]) {
      const artist = createOpenAiArtist(openai, { ...databases, isBuiltIn })
      await artist.compose(worn).draw(new AbortController().signal, drawingContext())
    }
    t.same(asked, ['landscape', 'square'])
  }
)
