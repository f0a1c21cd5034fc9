-- Turns go round among people: whoever has much waiting keeps nobody else waiting.

-- Who wants it; nothing where nobody waits for it.
ALTER TABLE job ADD COLUMN whose TEXT;
