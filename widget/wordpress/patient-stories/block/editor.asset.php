<?php
/**
 * What the editor's script stands on, as WordPress reads it beside a script that was not built.
 *
 * @package PatientStories
 */

return array(
	'dependencies' => array( 'wp-block-editor', 'wp-blocks', 'wp-components', 'wp-compose', 'wp-element', 'wp-i18n' ),
	'version'      => '0.1.0',
);
