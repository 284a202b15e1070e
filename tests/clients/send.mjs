// Sends a few events with Segment's client for Node, unmodified, and prints what the client thinks of it.
import { Analytics } from '@segment/analytics-node'

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 3, maxRetries: 2 })
const errors = []
analytics.on('error', (error) => errors.push(error.code))

analytics.identify({ userId: 'user-1', traits: { email: 'ann@example.com', plan: 'gold' } })
analytics.track({ userId: 'user-1', event: 'Order Completed', timestamp: new Date('2025-03-01T12:00:00Z'), properties: { total: 30.5 } })
analytics.track({ anonymousId: 'anon-1', event: 'Product Viewed', properties: { product_id: 'p1' } })
analytics.page({ userId: 'user-1', name: 'Index', category: 'Docs', properties: { url: 'https://shop.example/docs' } })
analytics.screen({ userId: 'user-1', name: 'Main' })
analytics.group({ userId: 'user-1', groupId: 'org-1', traits: { name: 'Initech' } })
analytics.alias({ userId: 'user-1', previousId: 'anon-1' })
await analytics.closeAndFlush()
console.log(JSON.stringify({ errors }))
