-- Use of the app and the web bank. The agent names device and version: iOS/17.
SELECT
    CAST(event_no AS VARCHAR) AS event_id,
    'core:' || client_no AS customer_id,
    "at" AS occurred_at,
    CASE event WHEN 'auth.login.ok' THEN 'login' WHEN 'auth.login.fail' THEN 'failed_login'
        WHEN 'pay.transfer.submit' THEN 'payment' WHEN 'shop.product.view' THEN 'product_view'
        WHEN 'app.settings.change' THEN 'settings' WHEN 'help.chat.open' THEN 'support'
        ELSE event END AS kind,
    CASE WHEN agent LIKE 'iOS/%' THEN 'ios' WHEN agent LIKE 'Android/%' THEN 'android'
        WHEN agent LIKE 'Web/%' THEN 'web' ELSE agent END AS device,
    -- Whole seconds begun; a failed login has no length.
    CAST(ceil(dwell_ms / 1000) AS BIGINT) AS seconds
FROM app_events
