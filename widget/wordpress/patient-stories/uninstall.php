<?php
/**
 * Takes the settings away with the plugin, on every website of a network. The stories are not here: nothing else is
 * left behind.
 *
 * @package PatientStories
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

$patient_stories_sites = is_multisite() ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( 0 );
foreach ( $patient_stories_sites as $patient_stories_site ) {
	if ( $patient_stories_site ) {
		switch_to_blog( $patient_stories_site );
	}
	delete_option( 'patient_stories_address' );
	delete_option( 'patient_stories_site_key' );
	if ( $patient_stories_site ) {
		restore_current_blog();
	}
}
